package io.leadroutes.sandbox.zoominfo.signal;

import io.leadroutes.sandbox.zoominfo.search.Inputs;

/** What the enrichments of this family take (collected facts §6.5); those of the searches are in {@link Inputs}. */
public final class EnrichInputs {

    /** {@code POST /enrich/scoop}; the company's id may come as a number or as text, as in the other two. */
    public static final Inputs SCOOP = Inputs.of("enrich-scoop").with("companyId", "Long");

    /** {@code POST /enrich/news}; its pages have a {@code limit} instead of rpp. */
    public static final Inputs NEWS = Inputs.of("enrich-news").paged("limit", 10, 100);

    /** {@code POST /enrich/intent}; topics may also come as one text, parted by {@code |}. */
    public static final Inputs INTENT = Inputs.of("enrich-intent").with("findRecommendedContacts", "Boolean");

    private EnrichInputs() {
    }
}
