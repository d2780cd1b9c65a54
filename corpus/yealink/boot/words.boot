#!version:1.0.0.1
include:config sip.cfg
include:config<dir/sip.cfg>
include:config"dir/acc.cfg"
include:config <sip.cfg>
include:config <sip.cfg>
include:config <>
include:config
include:config	<tab.cfg>	
overwrite_mode =
