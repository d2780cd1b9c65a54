include:config <a.cfg>
overwrite_mode = 1
