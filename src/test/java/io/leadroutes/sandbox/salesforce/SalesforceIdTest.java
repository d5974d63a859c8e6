package io.leadroutes.sandbox.salesforce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SalesforceIdTest {

    @Test
    void theSuffixTellsWhichCharactersAreCapital() {
        // Example of the Salesforce documentation on 15 and 18 character ids.
        assertThat(SalesforceId.full("001A0000006Vm9u")).isEqualTo("001A0000006Vm9uIAC");
        assertThat(SalesforceId.of("005", 99)).isEqualTo("005Sb0000000099IAA");
        assertThat(SalesforceId.of("00G", 4)).isEqualTo("00GSb0000000004MAA");
        assertThat(SalesforceId.of("00Q", 1)).isEqualTo("00QSb0000000001MAA");
    }

    @Test
    void anIdWithAWrongSuffixOrStrangeCharactersIsNoId() {
        assertThat(SalesforceId.parse("00QSb0000000001")).contains("00QSb0000000001MAA");
        assertThat(SalesforceId.parse("00QSb0000000001MAA")).contains("00QSb0000000001MAA");
        assertThat(SalesforceId.parse("00QSb0000000001MAB")).isEmpty();
        assertThat(SalesforceId.parse("00QSb000000000'")).isEmpty();
        assertThat(SalesforceId.parse("00Q")).isEmpty();
    }
}
