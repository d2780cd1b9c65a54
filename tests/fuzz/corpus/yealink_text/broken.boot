#!version:1.0.0.1
include:config <a.cfg
include:config b.cfg>
include:config "c.cfg>
[T46S include:config <d.cfg>
[]include:config <e.cfg>
[T46S]
[T46S]overwrite_mode = 1
[T46S][T42S]include:config <f.cfg>
include:configs <g.cfg>
include: config <h.cfg>
Include:Config <i.cfg>
include:config <j.cfg> # all
include:config <k.cfg>, <l.cfg>
overwrite_mode
