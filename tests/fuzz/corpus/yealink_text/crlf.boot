#!version:1.0.0.1
include:config <a.cfg>
include:config <b b.cfg>
overwrite_mode = 1