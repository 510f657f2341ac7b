//! How many tests ran, read from the closing lines of the test runners.

use std::ops::AddAssign;

/// A run that failed stops the command before it is counted, so only these two are left.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Count {
    pub(crate) passed: usize,
    pub(crate) skipped: usize,
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.skipped += other.skipped;
    }
}

impl Count {
    /// Count in the output of cargo test, cargo nextest, Vitest or pytest.
    pub(crate) fn read(output: &str) -> Self {
        let mut count = Self::default();
        for line in output.lines().map(str::trim_start).filter(|line| closes(line)) {
            count += Self {
                passed: number_before(line, "passed"),
                skipped: number_before(line, "skipped") + number_before(line, "ignored"),
            };
        }
        count
    }
}

fn closes(line: &str) -> bool {
    line.starts_with("test result:") // cargo test
        || (line.starts_with("Summary [") && line.contains("tests run:")) // nextest
        || line.starts_with("Tests  ") // Vitest
        || (line.starts_with("=====") && line.ends_with("====")) // pytest
}

fn number_before(line: &str, name: &str) -> usize {
    let words: Vec<&str> = line.split([' ', ',', ';', '(']).filter(|word| !word.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == name).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Count;

    #[test]
    fn every_runner_is_understood() {
        let nextest = "     Summary [   3.125s] 41 tests run: 41 passed (1 slow), 2 skipped";
        assert_eq!(Count::read(nextest), Count { passed: 41, skipped: 2 });
        let cargo = "test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out";
        assert_eq!(Count::read(cargo), Count { passed: 3, skipped: 1 });
        let vitest = " Test Files  4 passed (4)\n      Tests  12 passed | 1 skipped (13)";
        assert_eq!(Count::read(vitest), Count { passed: 12, skipped: 1 });
        let pytest = "====== test session starts ======\n\n\
                      ====== 88 passed, 2 skipped, 1 warning in 61.20s (0:01:01) ======";
        assert_eq!(Count::read(pytest), Count { passed: 88, skipped: 2 });
    }

    #[test]
    fn other_lines_count_nothing() {
        assert_eq!(Count::read("I said 5 passed\nTest Files  4 passed (4)"), Count::default());
    }
}
