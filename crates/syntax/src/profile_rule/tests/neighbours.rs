//! Delays and maps of aliases.

use super::super::{AliasMap, Delays};

#[test]
fn delays_are_read() {
    let read = |text: &str| {
        let delays = Delays::read(text);
        assert_eq!(delays.to_string(), text);
        delays.seconds()
    };
    assert_eq!(read("3600"), Some(vec![(3600, None)]));
    assert_eq!(read("60+30, 600+120 ,3600"), Some(vec![(60, Some(30)), (600, Some(120)), (3600, None)]));
    assert_eq!(read(""), None);
    assert_eq!(read("60+"), None);
    assert_eq!(read("60,,70"), None);
    assert_eq!(read("99999999999"), None);
    assert_eq!(Delays::of([(60, Some(30)), (600, None)]).to_string(), "60+30,600");
    assert!(Delays::read("").check().is_empty());
    assert_eq!(Delays::read("60,x").check()[0].span.start, 3);
}

#[test]
fn aliases_are_read() {
    let text = "/CPE/Settings/Name = /flat-profile/Display_Name_1_ ;\n/a/b=/flat-profile/X; junk ; \n";
    let map = AliasMap::read(text);
    assert_eq!(map.to_string(), text);
    let pairs: Vec<_> = map.aliases().map(|alias| (alias.from.as_str(), alias.to.as_str())).collect();
    assert_eq!(pairs, [("/CPE/Settings/Name", "/flat-profile/Display_Name_1_"), ("/a/b", "/flat-profile/X")]);
    assert_eq!(map.check().iter().map(|one| one.code).collect::<Vec<_>>(), ["unread"]);
    assert_eq!(AliasMap::read("/a = /b ;").check()[0].code, "alias-target");
    assert_eq!(AliasMap::of(pairs).unwrap().aliases().count(), 2);
    assert_eq!(AliasMap::of([("a", "/b")]), None);
    let many = AliasMap::read(&"/a=/flat-profile/X;".repeat(31));
    assert_eq!(many.check().iter().map(|one| one.code).collect::<Vec<_>>(), ["too-many-aliases"]);
}
