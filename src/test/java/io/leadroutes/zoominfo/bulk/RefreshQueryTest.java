package io.leadroutes.zoominfo.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RefreshQueryTest {

    private static final String OURS = "SELECT Id, FirstName, LastName, Email, ZoomInfo_Person_Id__c, Account.Name FROM Contact";

    @Test
    void whatIsSelectedIsAlwaysOursWhateverTheQuerySelects() {
        assertThat(read("select Id, Email from contact where MailingCountry = 'Germany'")).isEqualTo(
                OURS + " WHERE MailingCountry = 'Germany'");
        assertThat(read("SELECT Id FROM Contact")).isEqualTo(OURS);
    }

    @Test
    void aConditionAloneNeedsItsObject() {
        assertThat(RefreshQuery.read("Website != null", Optional.of(RefreshObject.ACCOUNT)).soql())
                .isEqualTo("SELECT Id, Name, Website, ZoomInfo_Company_Id__c FROM Account WHERE Website != null");
        assertThatThrownBy(() -> read("Website != null")).hasMessageContaining("object must be Contact, Lead or Account");
        assertThatThrownBy(() -> RefreshQuery.read("SELECT Id FROM Lead", Optional.of(RefreshObject.CONTACT)))
                .hasMessageContaining("but object is Contact");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Email LIKE '%@example.com' AND (NOT Title = null OR LastModifiedDate < LAST_N_DAYS:90)",
        "CreatedDate >= 2026-01-01T00:00:00Z AND HasOptedOutOfEmail = FALSE",
        "MailingState IN ('CA', 'N\\'Y') ORDER BY LastName DESC, Id LIMIT 500",
        "Account.NumberOfEmployees > 100", "Name NOT IN ('a')", "Title INCLUDES ('x;y')", "CreatedDate = TODAY"})
    void conditionsAreSentAsTheyWereUnderstood(String condition) {
        assertThat(read("SELECT Id FROM Contact WHERE " + condition)).isEqualTo(OURS + " WHERE " + condition);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "SELECT Id FROM User", "SELECT Id FROM Contact; DELETE", "SELECT COUNT() FROM Contact",
        "SELECT Id, (SELECT Id FROM Cases) FROM Contact", "SELECT Id FROM Contact WHERE Id IN (SELECT ContactId FROM Case)",
        "SELECT Id FROM Contact WHERE CALENDAR_YEAR(CreatedDate) = 2026", "SELECT Id FROM Contact WHERE Name = 'a",
        "SELECT Id FROM Contact WHERE Name = 'a' GROUP BY Name", "SELECT Id FROM Contact WHERE Name = Email AND",
        "SELECT Id FROM Contact FOR UPDATE", "SELECT Id FROM Contact WHERE Name = 'a' -- x", "SELECT Id FROM Contact LIMIT 0",
        "SELECT FIELDS(ALL) FROM Contact", "SELECT Id FROM Contact WHERE (Name = 'a'", "SELECT Id FROM Contact, Account",
        "SELECT Id FROM Contact WHERE Name = \"a\"", "", "SELECT Id FROM Contact WHERE", "SELECT Id FROM Contact ALL ROWS"})
    void anythingElseIsRefused(String query) {
        assertThatThrownBy(() -> read(query)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aRefusalNamesThePlace() {
        assertThatThrownBy(() -> read("SELECT Id FROM Contact WHERE Name ~ 'a'")).hasMessageContaining("character 35");
        assertThatThrownBy(() -> read("SELECT Id FROM Contact GROUP BY Name")).hasMessageContaining("'GROUP'");
    }

    private static String read(String query) {
        return RefreshQuery.read(query, Optional.empty()).soql();
    }
}
