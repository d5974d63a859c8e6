package io.leadroutes.crm;

/** Is told of every person whose opt-out is queued for the CRM, so that the person is not written by other ways either. */
public interface OptOutListener {

    /**
     * Part of the transaction that queues the mark.
     *
     * @param personId ZoomInfo's id
     * @param origin   who found out, as in {@link CrmUpdate#origin()}
     */
    void optedOut(String personId, String origin);
}
