//! Why a job waits, in words.

/// The reason of a job that waits, as `squeue` and `scontrol` name it, in a sentence; none where Slurm gives none.
pub(super) fn in_words(reason: &str) -> Option<String> {
    let reason = reason.trim().trim_matches(['(', ')']);
    // The longest names are those of limits, of which there are dozens: their beginnings say whose they are.
    let words = match reason {
        "" | "None" | "N/A" => return None,
        "Resources" => "Waits for free nodes.",
        "Priority" => "Other jobs are before it in the queue.",
        "BeginTime" => "Waits for the time at which it may begin.",
        "Dependency" => "Waits for another job to end.",
        "DependencyNeverSatisfied" => {
            "Never starts: the job on which it depends did not end as it had to. Stop it and start it anew."
        }
        "JobHeldUser" => "Held by its user: scontrol release lets it go on.",
        "JobHeldAdmin" => "Held by an administrator of the cluster, who alone can release it.",
        "PartitionTimeLimit" => {
            "Never starts as it is: its time limit is above that of the partition. Set a shorter time on the target."
        }
        "PartitionNodeLimit" => {
            "Never starts as it is: the partition has or gives fewer nodes than it asks for. Set fewer nodes on the \
             target."
        }
        "PartitionConfig" => {
            "Never starts as it is: the partition does not give what it asks for. Ask for less on the target, or \
             choose another partition."
        }
        "BadConstraints" => {
            "Never starts as it is: no node of the partition has what it asks for. Change the target's options."
        }
        "PartitionDown" | "PartitionInactive" => "The partition starts no jobs at present.",
        "Reservation" => "Waits for its reservation to begin.",
        "Licenses" => "Waits for a free license.",
        "NodeDown" => "A node that it needs is down.",
        "Cleaning" => "Slurm still cleans up after its last start.",
        "Prolog" => "The node is being prepared for it.",
        "InvalidAccount" | "AccountNotAllowed" => {
            "Never starts as it is: the account may not use this partition. Change the target's account."
        }
        "InvalidQOS" | "QOSNotAllowed" => {
            "Never starts as it is: this QOS may not be used here. Change the target's QOS."
        }
        "launch failed requeued held" | "launch_failed_requeued_held" => {
            "Held by Slurm, because its start on the node failed. Stop it and start it anew."
        }
        _ => return Some(limit(reason)),
    };
    Some(words.to_owned())
}

/// A reason that names a limit, or one that is not known here, which is shown as it is.
fn limit(reason: &str) -> String {
    if reason.starts_with("ReqNodeNotAvail") {
        return format!("A node that it needs is down, drained or reserved ({reason}).");
    }
    if reason.starts_with("QOSNotAllowed") {
        return format!("Never starts as it is: this QOS may not be used here ({reason}).");
    }
    let whose = match reason {
        _ if reason.starts_with("QOS") => "the QOS",
        _ if reason.starts_with("Assoc") || reason.starts_with("MaxJobsPerAccount") => "the account",
        _ => return format!("Slurm's reason: {reason}."),
    };
    // "…PerJob", "…PerNode" and "…WallDuration" are limits of a single job, which no waiting helps against.
    if reason.contains("PerJob") || reason.contains("PerNode") || reason.contains("WallDuration") {
        return format!("Never starts as it is: it asks for more than {whose} allows one job ({reason}).");
    }
    format!("Waits until {whose} is below its limit again ({reason}).")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_a_sentence_and_unknown_ones_are_kept() {
        for reason in
            ["Resources", "AssocMaxJobsLimit", "QOSMaxGRESPerUser", "Mystery", "ReqNodeNotAvail, n[1-2]"]
        {
            let words = in_words(reason).unwrap();
            assert!(words.ends_with('.'), "{words}");
        }
        assert_eq!(in_words("Mystery").unwrap(), "Slurm's reason: Mystery.");
        assert_eq!(in_words("(None)"), None);
        assert!(in_words("QOSMaxWallDurationPerJobLimit").unwrap().starts_with("Never starts"));
        assert!(in_words("AssocGrpCPULimit").unwrap().starts_with("Waits until the account"));
    }
}
