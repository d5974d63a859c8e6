package io.leadroutes.sandbox.zoominfo.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class FormatsTest {

    @Test
    void datesAreWrittenAsTheSamplesShowThem() {
        assertThat(Formats.dateTime(LocalDateTime.of(2020, 6, 19, 13, 41))).isEqualTo("6/19/2020 1:41 PM");
        assertThat(Formats.dateTime(LocalDateTime.of(2019, 2, 22, 0, 0))).isEqualTo("2/22/2019 12:00 AM");
        assertThat(Formats.date(LocalDateTime.of(2020, 6, 9, 0, 0).toLocalDate())).isEqualTo("06/09/2020");
    }

    @Test
    void everyHourOfAYearIsWrittenAsAFormatterWritesIt() {
        DateTimeFormatter withTime = DateTimeFormatter.ofPattern("M/d/yyyy h:mm a", Locale.US);
        DateTimeFormatter date = DateTimeFormatter.ofPattern("MM/dd/yyyy", Locale.US);
        for (LocalDateTime at = LocalDateTime.of(2024, 1, 1, 0, 7); at.getYear() < 2025; at = at.plusMinutes(59)) {
            assertThat(Formats.dateTime(at)).isEqualTo(withTime.format(at));
            assertThat(Formats.date(at.toLocalDate())).isEqualTo(date.format(at));
        }
    }
}
