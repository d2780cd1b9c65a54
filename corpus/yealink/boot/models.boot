#!version:1.0.0.1

include:config <common.cfg>
[T46S]include:config <t46s.cfg>
[T46S,T42S]include:config "t4xs.cfg"
[T54W, T57W] include:config <t5xw.cfg>
#[T29G]include:config <t29g.cfg>
 [CP920]  include:config   "cp.cfg"  
static.specific_model.excluded_mode=1
overwrite_mode=1
