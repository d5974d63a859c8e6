package io.leadroutes.fault;

/** Keeps the standard tier at its limit without the cost of 625 leads a second; its answers have the rate headers. */
final class Saturation {

    static final String FILE = "routes/jobs/saturate.camel.yaml";
    /**
     * An integration engineer's own job. Where the enrichment egress runs, as many calls are waiting for a slot as it
     * takes to use each; on the other replicas a call every two seconds.
     */
    static final String ROUTES = """
            - route:
                id: saturate-here
                description: Keeps calls waiting for slots on the replica that runs the enrichment egress.
                routeConfigurationId: job
                from:
                  uri: timer:saturate-here
                  parameters:
                    period: 20
                    includeMetadata: false
                  steps:
                    - filter:
                        id: saturate-where-the-egress-runs
                        expression:
                          simple:
                            expression: "${bean:egressLease?method=holds('standard')}"
                        steps:
                          - to:
                              id: saturate-more
                              uri: seda:saturate
                              parameters:
                                size: 4
                                discardWhenFull: true
                                waitForTaskToComplete: Never
            - route:
                id: saturate-call
                description: One of the calls.
                routeConfigurationId: job
                from:
                  uri: seda:saturate
                  parameters:
                    size: 4
                    concurrentConsumers: 16
                  steps:
                    - setBody:
                        expression:
                          simple:
                            expression: "${map(personId,1)}"
                    - to:
                        id: saturate-compliance
                        uri: kamelet:zoominfo-compliance-action
            - route:
                id: saturate-elsewhere
                description: A call now and then from each other replica.
                routeConfigurationId: job
                from:
                  uri: timer:saturate-elsewhere
                  parameters:
                    period: 2000
                    includeMetadata: false
                  steps:
                    - filter:
                        id: saturate-where-the-egress-does-not-run
                        expression:
                          simple:
                            expression: "${bean:egressLease?method=holds('standard')} == false"
                        steps:
                          - setBody:
                              expression:
                                simple:
                                  expression: "${map(personId,1)}"
                          - to:
                              id: saturate-compliance-elsewhere
                              uri: kamelet:zoominfo-compliance-action
            """;

    private Saturation() {
    }
}
