package io.leadroutes.sandbox.control;

/** Pseudo-random numbers that depend on nothing but what is asked, so that a run can be repeated. */
final class Noise {

    private Noise() {
    }

    /** Evenly in [0, 1), the same for the same three numbers. */
    static double unit(long seed, long stream, long index) {
        long z = seed * 0x9E3779B97F4A7C15L + stream * 0xD1B54A32D192ED03L + index * 0x8CB92BA72F3D8DD7L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
    }
}
