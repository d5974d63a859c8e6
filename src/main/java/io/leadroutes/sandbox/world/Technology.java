package io.leadroutes.sandbox.world;

/** A product that a company uses; {@code attribute} is dotted, as in {@code 333.202.1}. */
public record Technology(String attribute, String vendor, String product, String category, String parentCategory) {
}
