package io.leadroutes.prospect;

import java.util.UUID;

/** A run of a list, as it goes through the route. */
public record ProspectRun(UUID id, ProspectList list) {
}
