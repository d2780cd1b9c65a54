//! Macros that reach themselves. It knows a graph of numbered nodes, not macros.

/// For each node whether it lies on a cycle; `edges[node]` are the nodes it leads to. Both walks keep their own stack,
/// so that a long chain costs no recursion.
pub(super) fn on_cycles(edges: &[Vec<usize>]) -> Vec<bool> {
    let mut back = vec![Vec::new(); edges.len()];
    for (from, tos) in edges.iter().enumerate() {
        for to in tos {
            if let Some(froms) = back.get_mut(*to) {
                froms.push(from);
            }
        }
    }
    // Kosaraju: against the order in which nodes were left, a walk backwards stays within its component.
    let mut left = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        walk(start, edges, &mut seen, &mut left);
    }
    let mut seen = vec![false; edges.len()];
    let mut cycles = vec![false; edges.len()];
    for start in left.into_iter().rev() {
        let mut component = Vec::new();
        walk(start, &back, &mut seen, &mut component);
        let itself = edges.get(start).is_some_and(|tos| tos.contains(&start));
        if component.len() > 1 || itself {
            for node in component {
                if let Some(cycle) = cycles.get_mut(node) {
                    *cycle = true;
                }
            }
        }
    }
    cycles
}

/// Walks from a node over what was not seen, and adds the nodes in the order in which they are left.
fn walk(start: usize, edges: &[Vec<usize>], seen: &mut [bool], left: &mut Vec<usize>) {
    let mut enter = |node: usize| match seen.get_mut(node) {
        Some(seen) => !std::mem::replace(seen, true),
        None => false,
    };
    let mut path: Vec<(usize, usize)> = Vec::new();
    if enter(start) {
        path.push((start, 0));
    }
    while let Some((node, next)) = path.last_mut() {
        match edges.get(*node).and_then(|tos| tos.get(*next)) {
            Some(to) => {
                *next += 1;
                if enter(*to) {
                    path.push((*to, 0));
                }
            }
            None => {
                left.push(*node);
                path.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_found_and_nothing_else() {
        // 0 and 1 lead to each other, 2 to itself, 3 into the first cycle and to 4, which nothing leaves.
        let edges = vec![vec![1], vec![0], vec![2], vec![0, 4], vec![]];
        assert_eq!(on_cycles(&edges), [true, true, true, false, false]);
        // 1 lies between two cycles and on neither.
        assert_eq!(on_cycles(&[vec![0, 1], vec![2], vec![2]]), [true, false, true]);
        assert!(on_cycles(&[]).is_empty());
    }

    #[test]
    fn a_long_chain_needs_no_stack() {
        let mut edges: Vec<Vec<usize>> = (1..=200_000).map(|next| vec![next]).collect();
        edges.push(vec![100_000]);
        let cycles = on_cycles(&edges);
        assert_eq!(cycles.iter().filter(|cycle| **cycle).count(), 100_001);
    }
}
