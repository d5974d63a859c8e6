/** Where tests of crashes end the process. Knows nobody; everybody may know it. */
package io.leadroutes.crash;
