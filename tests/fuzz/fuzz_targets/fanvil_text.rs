#![no_main]

#[global_allocator]
static METER: properties::Meter = properties::Meter;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::check(properties::fanvil_text, data));
