package io.leadroutes.sandbox.zoominfo.signal;

import io.leadroutes.sandbox.zoominfo.search.Inputs;

/** What the enrichments of this family take (collected facts §6.5); those of the searches are in {@link Inputs}. */
public final class EnrichInputs {

    /** {@code POST /enrich/scoop}. */
    public static final Inputs SCOOP = Inputs.of(Inputs.table("companyId:l companyName:s companyWebsite:s publishedStartDate:s "
            + "publishedEndDate:s updatedSinceCreation:b scoopType:s scoopTopic:s department:s scoopId:s description:s"),
            Inputs.SCOOP.sorts().toArray(String[]::new));

    /** {@code POST /enrich/news}; its pages have a {@code limit} instead of rpp. */
    public static final Inputs NEWS = Inputs.of(Inputs.table("companyId:l categories:a url:a pageDateMin:s pageDateMax:s"))
            .paged("limit", 10, 100);

    /** {@code POST /enrich/intent}; topics may also come as one text, parted by {@code |}. */
    public static final Inputs INTENT = Inputs.of(Inputs.table("companyId:l companyName:s companyWebsite:s topics:a "
            + "signalStartDate:s signalEndDate:s signalScoreMin:i signalScoreMax:i audienceStrengthMin:s audienceStrengthMax:s "
            + "findRecommendedContacts:b"), "issueDate", "signalDate", "companyName", "signalScore", "category", "topic",
            "audienceStrength");

    private EnrichInputs() {
    }
}
