package io.leadroutes.sandbox.zoominfo.profile;

import com.fasterxml.jackson.core.JsonGenerator;
import io.leadroutes.sandbox.world.Hashtag;
import io.leadroutes.sandbox.world.Site;
import io.leadroutes.sandbox.world.Technology;
import java.io.IOException;
import java.util.Locale;

/** How a company's technologies, hashtags and locations are written (collected facts §6.5). */
public final class DetailFields {

    private DetailFields() {
    }

    /** The fields of a technology that a company profile has too. */
    static void technologyInProfile(JsonGenerator out, Technology technology) throws IOException {
        out.writeStringField("tag", tag(technology));
        out.writeStringField("categoryParent", technology.parentCategory());
        out.writeStringField("category", technology.category());
        out.writeStringField("vendor", technology.vendor());
        out.writeStringField("product", technology.product());
        out.writeStringField("attribute", technology.attribute());
    }

    /** One item of /enrich/tech. */
    public static void technology(JsonGenerator out, Technology technology) throws IOException {
        String domain = technology.vendor().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "") + ".com";
        int number = Math.floorMod(technology.attribute().hashCode(), 28);
        out.writeStartObject();
        technologyInProfile(out, technology);
        out.writeStringField("website", "https://www." + domain + "/");
        out.writeStringField("logo", "https://res.cloudinary.com/zoominfo-com/image/upload/w_100,h_100,c_fit/" + domain);
        out.writeStringField("domain", domain);
        out.writeStringField("createdTime", "8/" + (number + 1) + "/16 14:" + (10 + number));
        out.writeStringField("modifiedTime", "10/" + (28 - number) + "/24 6:" + (11 + number));
        out.writeStringField("description", technology.product() + " by " + technology.vendor() + " belongs to "
                + technology.category() + ".");
        out.writeEndObject();
    }

    /** A technology's own id: its attribute without the dots. */
    private static String tag(Technology technology) {
        return technology.attribute().replace(".", "");
    }

    /** One item of /enrich/hashtag; {@code scoreMultipler} is spelled so. */
    public static void hashtag(JsonGenerator out, Hashtag hashtag) throws IOException {
        out.writeStartObject();
        out.writeStringField("tag", hashtag.tag());
        out.writeStringField("external_id", "");
        out.writeStringField("searchString", hashtag.tag());
        out.writeStringField("displayLabel", hashtag.label());
        out.writeStringField("description", hashtag.label() + " (" + hashtag.group() + ")");
        out.writeStringField("group", hashtag.group());
        out.writeStringField("score", "");
        out.writeStringField("priority", "1");
        out.writeStringField("parentCategory", hashtag.parentCategory());
        out.writeStringField("displayScore", "no");
        out.writeStringField("inverseScoreBase", "");
        out.writeStringField("scoreMultipler", "");
        out.writeStringField("scoreUnit", "");
        out.writeBooleanField("hidden", false);
        out.writeStringField("label", hashtag.label());
        out.writeBooleanField("categorizedFlag", true);
        out.writeEndObject();
    }

    /** One item of /enrich/location. */
    public static void location(JsonGenerator out, Site site, String subUnitType) throws IOException {
        out.writeStartObject();
        out.writeStringField("phone", site.phone());
        out.writeStringField("fax", site.fax());
        address(out, site);
        out.writeObjectFieldStart("company");
        out.writeNumberField("id", site.id());
        out.writeStringField("addressStatus", site.addressStatus());
        out.writeStringField("subUnitType", subUnitType);
        out.writeStringField("locationName", site.company().name());
        out.writeNumberField("locationEmployeeCount", site.employees());
        out.writeEndObject();
        out.writeEndObject();
    }

    /** Street to country of a site. */
    public static void address(JsonGenerator out, Site site) throws IOException {
        out.writeStringField("street", site.street());
        out.writeStringField("city", site.place().city());
        out.writeStringField("state", site.place().state());
        out.writeStringField("zipCode", site.zipCode());
        out.writeStringField("country", site.place().country());
    }
}
