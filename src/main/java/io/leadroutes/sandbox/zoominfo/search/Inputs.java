package io.leadroutes.sandbox.zoominfo.search;

import io.leadroutes.sandbox.zoominfo.contract.Contract;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one operation takes: its criteria with their types, what it sorts by, and how it is paged. All but the paging is the
 * contract's.
 *
 * @param types  criteria by name; String, Integer, Long, Boolean or Array
 * @param sorts  values of {@code sortBy}; empty where the operation has no order of choice
 * @param size   name of the input for the number of results a page
 * @param usual  results a page where nothing is asked for
 * @param most   most results a page
 */
public record Inputs(Map<String, String> types, Set<String> sorts, String size, int usual, long most) {

    /** {@code POST /search/contact} (collected facts §5.3). */
    public static final Inputs CONTACT = of("search-contact");
    /** {@code POST /search/company} (collected facts §5.4). */
    public static final Inputs COMPANY = of("search-company");
    /** {@code POST /search/scoop} (collected facts §5.5). */
    public static final Inputs SCOOP = of("search-scoop");
    /** {@code POST /search/news} (collected facts §5.6). */
    public static final Inputs NEWS = of("search-news");
    /** {@code POST /search/intent} (collected facts §5.7). */
    public static final Inputs INTENT = of("search-intent");

    /** Of an operation of the contract, paged by rpp: 25 where nothing is asked for, 100 at most. */
    public static Inputs of(String operationId) {
        Contract contract = Contract.get();
        return new Inputs(contract.inputTypes(operationId), contract.sortFields(operationId), "rpp", 25, 100);
    }

    /** The same with pages of another kind, whose size is an input of its own. */
    public Inputs paged(String sizeName, int usualSize, long mostSize) {
        Map<String, String> rest = new LinkedHashMap<>(types);
        rest.remove(sizeName);
        return new Inputs(Collections.unmodifiableMap(rest), sorts, sizeName, usualSize, mostSize);
    }

    /** The same with one input more, or with another type of one. */
    public Inputs with(String name, String type) {
        Map<String, String> more = new LinkedHashMap<>(types);
        more.put(name, type);
        return new Inputs(Collections.unmodifiableMap(more), sorts, size, usual, most);
    }
}
