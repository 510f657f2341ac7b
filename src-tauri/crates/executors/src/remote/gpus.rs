//! The GPUs of a machine there on which a run works: those with the most free memory, as others may work on the rest.

/// Lists the numbers of the GPUs with their free memory in MiB, unless the login chooses among them itself. The shell's
/// script is one for `sh`.
pub(super) const LIST: [&str; 3] = [
    "sh",
    "-c",
    "[ -z \"${CUDA_VISIBLE_DEVICES+x}\" ] || exit 0; \
     exec nvidia-smi --query-gpu=index,memory.free --format=csv,noheader,nounits",
];

/// The variables by which a worker sees so many of the listed GPUs alone; none where there are no more than that. Setup
/// lines of the target come after them.
pub(super) fn variables(listed: &str, wanted: u32) -> Vec<(String, String)> {
    let gpu = |line: &str| {
        let (number, free) = line.split_once(',')?;
        Some((number.trim().parse::<u32>().ok()?, free.trim().parse::<u64>().ok()?))
    };
    let mut gpus: Vec<(u32, u64)> = listed.lines().filter_map(gpu).collect();
    let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
    if gpus.len() <= wanted {
        return Vec::new();
    }
    gpus.sort_by_key(|(number, free)| (std::cmp::Reverse(*free), *number));
    gpus.truncate(wanted);
    gpus.sort_unstable();
    let numbers: Vec<String> = gpus.into_iter().map(|(number, _)| number.to_string()).collect();
    // CUDA counts them in another order than the list by itself.
    [("CUDA_DEVICE_ORDER", "PCI_BUS_ID".to_owned()), ("CUDA_VISIBLE_DEVICES", numbers.join(","))]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
}

#[cfg(test)]
mod tests {
    use super::variables;

    #[test]
    fn those_with_the_most_free_memory_are_chosen_where_there_is_a_choice() {
        let listed = "noise\n0, 1000\n1, 80000\n2, 70000\n3, 80000\n";
        let chosen = |wanted| variables(listed, wanted).pop().map(|(_, numbers)| numbers);
        assert_eq!(chosen(1).as_deref(), Some("1"));
        assert_eq!(chosen(2).as_deref(), Some("1,3"));
        assert_eq!(chosen(3).as_deref(), Some("1,2,3"));
        assert_eq!((chosen(4), variables("", 1)), (None, Vec::new()));
    }
}
