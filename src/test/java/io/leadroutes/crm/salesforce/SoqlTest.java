package io.leadroutes.crm.salesforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoqlTest {

    @Test
    void aQueryNamesFieldsAndQuotesValues() {
        assertThat(Soql.selectIn(List.of("Id", "Title"), "Lead", "LeadRoutes_Id__c", List.of("web:1", "web:2")))
                .isEqualTo("SELECT Id,Title FROM Lead WHERE LeadRoutes_Id__c IN ('web:1','web:2')");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "\\", "\\'", "') OR Name != ('", "x\\", "\n' OR ''='", "'; DELETE", "\u2028'", "\"", "''''",
        "\\\\'"})
    void noValueEndsItsQuotation(String value) {
        assertThat(read(Soql.literal(value))).isEqualTo(value);
    }

    @Property
    void everyValueIsReadBackAsItWas(@ForAll String value) {
        assertThat(read(Soql.literal(value))).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Id, Name", "Id)", "(SELECT Id FROM Contacts)", "Name'", "1Id", "Owner.Name", "_x", "Id--",
        "COUNT()", "a b"})
    void whatIsNoNameIsRefused(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Soql.name(name));
    }

    /** Reads a literal as the SOQL reference describes it; fails if the quotation ends before the end. */
    private static String read(String literal) {
        StringBuilder value = new StringBuilder();
        assertThat(literal).startsWith("'").endsWith("'");
        for (int i = 1; i < literal.length() - 1; i++) {
            char c = literal.charAt(i);
            assertThat(c).isNotEqualTo('\'');
            if (c != '\\') {
                value.append(c);
                continue;
            }
            i++;
            assertThat(i).isLessThan(literal.length() - 1);
            char escaped = literal.charAt(i);
            value.append(switch (escaped) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                case 'b' -> '\b';
                case 'f' -> '\f';
                default -> escaped;
            });
        }
        return value.toString();
    }
}
