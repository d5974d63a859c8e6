package io.leadroutes.sandbox.zoominfo.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import io.leadroutes.sandbox.world.Company;
import io.leadroutes.sandbox.world.Employment;
import io.leadroutes.sandbox.world.Person;
import io.leadroutes.sandbox.world.World;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The output fields of a contact; those of its company are in {@link CompanyFields#withinContact()}. */
public final class ContactFields {

    private ContactFields() {
    }

    public static List<OutputField<Person>> all() {
        List<OutputField<Person>> fields = new ArrayList<>();
        fields.add(new OutputField<>("id", "id", "Long", (out, p) -> out.writeNumber(p.id())));
        fields.add(OutputField.text("firstName", Person::firstName));
        fields.add(OutputField.text("middleName", Person::middleName));
        fields.add(OutputField.text("lastName", Person::lastName));
        fields.add(OutputField.text("email", Person::email));
        fields.add(OutputField.text("hasCanadianEmail", p -> Boolean.toString(p.email().endsWith(".ca"))));
        fields.add(OutputField.text("phone", Person::directPhone));
        fields.add(flag("directPhoneDoNotCall", Person::directPhoneDoNotCall));
        fields.add(OutputField.text("street", Person::street));
        fields.add(OutputField.text("city", p -> p.place().city()));
        fields.add(OutputField.text("region", p -> p.place().state()));
        fields.add(OutputField.text("metroArea", p -> p.place().metroArea()));
        fields.add(OutputField.text("zipCode", Person::zipCode));
        fields.add(OutputField.text("state", p -> p.place().state()));
        fields.add(OutputField.text("country", p -> p.place().country()));
        fields.add(OutputField.text("continent", p -> p.place().continent()));
        fields.add(OutputField.text("personHasMoved", Person::hasMoved));
        fields.add(flag("withinEu", p -> p.place().withinEu()));
        fields.add(flag("withinCalifornia", p -> p.place().withinCalifornia()));
        fields.add(flag("withinCanada", p -> p.place().withinCanada()));
        fields.add(OutputField.text("validDate", p -> Formats.dateTime(p.validDate())));
        fields.add(OutputField.text("lastUpdatedDate", p -> Formats.dateTime(p.lastUpdated())));
        fields.add(OutputField.text("noticeProvidedDate", p -> p.noticeProvided().map(Formats::date).orElse("")));
        fields.add(OutputField.text("salutation", p -> new String[] {"", "", "Mr.", "Ms.", "Dr."}[p.trait(1, 5)]));
        fields.add(OutputField.text("suffix", p -> p.trait(2, 40) == 0 ? "Jr." : ""));
        fields.add(OutputField.text("jobTitle", Person::jobTitle));
        fields.add(array("jobFunction", (out, p) -> {
            out.writeStartObject();
            out.writeStringField("name", p.function().name());
            out.writeStringField("department", p.function().department());
            out.writeEndObject();
        }));
        fields.add(array("education", ContactFields::education));
        fields.add(array("hashedEmails", (out, p) -> {
            for (String hash : World.hashedEmails(p)) {
                out.writeString(hash);
            }
        }));
        fields.add(OutputField.text("picture", p -> ""));
        fields.add(array("techSkills", (out, p) -> {
            for (String skill : p.techSkills()) {
                out.writeString(skill);
            }
        }));
        fields.add(flag("mobilePhoneDoNotCall", Person::mobilePhoneDoNotCall));
        fields.add(array("externalUrls", (out, p) -> {
            if (!p.linkedIn().isEmpty()) {
                out.writeStartObject();
                out.writeStringField("type", "linkedin.com");
                out.writeStringField("url", p.linkedIn());
                out.writeEndObject();
            }
        }));
        fields.add(new OutputField<>("contactAccuracyScore", "contactAccuracyScore", "Integer",
                (out, p) -> out.writeNumber(p.accuracyScore())));
        fields.add(flag("isDefunct", p -> p.company().defunct()));
        fields.add(flag("isCalifornia", p -> p.place().withinCalifornia()));
        fields.add(flag("isCanada", p -> p.place().withinCanada()));
        fields.add(array("employmentHistory", ContactFields::history));
        fields.add(array("managementLevel", (out, p) -> out.writeString(p.managementLevel())));
        fields.add(new OutputField<>("locationCompanyId", "locationCompanyId", "Long",
                (out, p) -> out.writeNumber(p.company().id())));
        fields.add(OutputField.text("positionStartDate", p -> Formats.date(p.positionStart())));
        fields.add(OutputField.text("yearsOfExperience", p -> Integer.toString(p.yearsOfExperience())));
        fields.add(array("engagements", (out, p) -> { }));
        fields.add(OutputField.text("mobilePhone", Person::mobilePhone));
        fields.add(OutputField.text("directPhone", Person::directPhone));
        fields.add(OutputField.text("supplementalEmail", Person::formerEmail));
        fields.add(OutputField.text("personalEmail", Person::personalEmail));
        fields.add(OutputField.text("emailAlt", Person::formerEmail));
        fields.add(OutputField.text("directPhoneAlt", p -> ""));
        fields.add(OutputField.text("mobilePhoneAlt", p -> ""));
        return List.copyOf(fields);
    }

    private interface Flag {

        boolean of(Person person);
    }

    private static OutputField<Person> flag(String name, Flag value) {
        return new OutputField<>(name, name, "Boolean", (out, person) -> out.writeBoolean(value.of(person)));
    }

    private static OutputField<Person> array(String name, OutputField.Writer<Person> items) {
        return new OutputField<>(name, name, "Array", (out, person) -> {
            out.writeStartArray();
            items.write(out, person);
            out.writeEndArray();
        });
    }

    private static void education(JsonGenerator out, Person person) throws IOException {
        if (!person.school().isEmpty()) {
            out.writeStartObject();
            out.writeStringField("school", person.school());
            out.writeObjectFieldStart("educationDegree");
            out.writeStringField("degree", person.degree());
            out.writeStringField("areaOfStudy", person.function().name());
            out.writeEndObject();
            out.writeEndObject();
        }
    }

    private static void history(JsonGenerator out, Person person) throws IOException {
        for (Employment job : person.employmentHistory()) {
            out.writeStartObject();
            out.writeStringField("jobTitle", job.jobTitle());
            out.writeArrayFieldStart("managementLevel");
            out.writeString(job.managementLevel());
            out.writeEndArray();
            out.writeStringField("fromDate", Formats.iso(job.from()));
            out.writeStringField("toDate", Formats.iso(job.to()));
            Company company = job.company();
            out.writeObjectFieldStart("company");
            out.writeNumberField("companyId", company.id());
            out.writeStringField("companyName", company.name());
            out.writeStringField("companyPhone", company.phone());
            out.writeStringField("companyWebsite", company.website());
            out.writeEndObject();
            out.writeEndObject();
        }
    }
}
