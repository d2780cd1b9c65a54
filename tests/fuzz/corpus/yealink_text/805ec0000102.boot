#!version:1.0.0.1

include:config <../common.cfg>
include:config "https://prov.example.com/y/t46s.cfg"
include:config <http://prov.example.com/y/$MAC.cfg?site=north&x=1>
include:config <$mac.cfg>
overwrite_mode = 0
specific_model.excluded_mode = 0
