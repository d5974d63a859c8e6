package io.leadroutes.flow;

/** What a finding does: an error refuses the file, a warning is printed and the file is taken. */
public enum Severity {
    WARNING, ERROR
}
