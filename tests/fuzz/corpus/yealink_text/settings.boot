#!version:1.0.0.1
include:config common.cfg
account.1.enable = 1
account.1.password = corpus-boot
static.auto_provision.server.url = http://prov.example.com/
[T46S]include:config t46s.cfg
overwrite_mode = 1
