#include <stdio.h>
static const char *a_b = "c";
int main(void) { puts("x"); return 0; }
