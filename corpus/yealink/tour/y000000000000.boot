#!version:1.0.0.1

include:config <common.cfg>
[T46S]include:config <t46s.cfg>
include:config <$MAC.cfg>
overwrite_mode = 1
specific_model.excluded_mode = 0
