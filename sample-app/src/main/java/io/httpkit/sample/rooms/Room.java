package io.httpkit.sample.rooms;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/** A room as it is sent, stored and shown. */
record Room(
    @Pattern(regexp = "[a-z0-9-]{1,40}", message = "must be 1 to 40 of a-z, 0-9 and -") @NotBlank
        String id,
    @Size(max = 100) @NotBlank String title) {}
