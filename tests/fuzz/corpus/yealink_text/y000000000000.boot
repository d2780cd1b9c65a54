#!version:1.0.0.1

## order counts: later files overrule earlier ones
include:config <common.cfg>
include:config "site/north.cfg"

overwrite_mode = 1
