package io.leadroutes.sandbox.world;

import java.time.LocalDate;

/** A position that a person held before the present one. */
public record Employment(Company company, String jobTitle, String managementLevel, LocalDate from, LocalDate to) {
}
