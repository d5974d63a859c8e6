package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsageLookupTest {

    @Test
    void theDocumentedShapeAndTheLiveOneAreRead() {
        assertThat(UsageLookup.read(Map.of("usage", List.of(
                Map.of("limitType", "requestLimit", "limit", 1000, "currentUsage", 10, "usageRemaining", 990),
                Map.of("limitType", "uniqueIdLimit", "totalLimit", "500", "currentUsage", "1", "usageRemaining", "499")))))
                .containsExactly(new UsageLookup.Limit("requestLimit", 1000, 10, 990),
                        new UsageLookup.Limit("uniqueIdLimit", 500, 1, 499));
        assertThat(UsageLookup.read("nonsense")).isEmpty();
    }
}
