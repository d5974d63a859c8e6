package io.leadroutes.zoominfo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BaseUrlCheckTest {

    @Test
    void plainHttpIsForThisMachineAndTheSandboxOnly() {
        assertThat(BaseUrlCheck.problem("https://api.zoominfo.com", List.of("prod"))).isEmpty();
        assertThat(BaseUrlCheck.problem("http://localhost:8181", List.of("sandbox"))).isEmpty();
        assertThat(BaseUrlCheck.problem("http://localhost:8181", List.of("prod"))).isEmpty();
        assertThat(BaseUrlCheck.problem("http://192.0.2.7:8181", List.of("prod"))).isPresent();
        assertThat(BaseUrlCheck.problem("ftp://api.zoominfo.com", List.of("dev"))).isPresent();
        assertThat(BaseUrlCheck.problem("https://user:pw@api.zoominfo.com", List.of("prod"))).isPresent();
        assertThat(BaseUrlCheck.problem("https:// x", List.of("prod"))).isPresent();
    }
}
