//! The order of settings in a new document.

use std::cmp::Ordering;

/// How settings are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As in the source.
    #[default]
    Input,
    /// By key, numbers in it by their value.
    Sorted,
}

/// Compares keys with their numbers by value: `P9` before `P47`.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        let (run_a, run_b) = (digits(a), digits(b));
        if run_a > 0 && run_b > 0 {
            let (number_a, rest_a) = a.split_at(run_a);
            let (number_b, rest_b) = b.split_at(run_b);
            let order = by_value(number_a, number_b);
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (rest_a, rest_b);
            continue;
        }
        match (a.split_first(), b.split_first()) {
            (Some((x, rest_a)), Some((y, rest_b))) if x == y => (a, b) = (rest_a, rest_b),
            (x, y) => return x.map(|(x, _)| x).cmp(&y.map(|(y, _)| y)),
        }
    }
}

fn digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
}

fn by_value(a: &[u8], b: &[u8]) -> Ordering {
    let trim = |n: &[u8]| n.iter().take_while(|byte| **byte == b'0').count();
    let (a, b) = (a.get(trim(a)..).unwrap_or_default(), b.get(trim(b)..).unwrap_or_default());
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_count_by_value() {
        let mut keys = ["P270", "P3", "P1", "account.2.name", "account.10.name", "P03"];
        keys.sort_by(|a, b| natural(a, b));
        assert_eq!(keys, ["P1", "P3", "P03", "P270", "account.2.name", "account.10.name"]);
    }
}
