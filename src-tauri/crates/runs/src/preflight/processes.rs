//! In how many processes a training runs, and on which GPUs.

use python::Accelerator;
use resources::FineTuningJob;
use schema::column;

use super::{
    context::Preflight,
    device::{device_name, is_cuda},
    elsewhere::Elsewhere,
    plan::PlannedGpu,
};
use crate::request::TrainingRequest;
use run_folder::spec::Framework;

const WORKERS: &str = column!(FineTuningJob, num_workers);
const GPUS: &str = column!(FineTuningJob, num_gpu);
const DEVICES: &str = "devices";

/// Where the processes of a training run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Processes {
    /// How many train together: one on each device.
    pub(super) count: u32,
    /// The nodes of a cluster among which they are divided; 1 on a machine.
    pub(super) nodes: u32,
    /// The most that the place has room for.
    pub(super) most: u32,
    /// The indexes of the CUDA devices that they use; empty where the worker chooses.
    pub(super) devices: Vec<u32>,
    /// The CUDA devices of the place, as far as they are known.
    pub(super) gpus: Vec<PlannedGpu>,
}

/// What the place of a training has to train on.
#[derive(Debug, Clone, Copy)]
struct Machine<'a> {
    /// The place in a sentence, such as "this machine".
    name: &'a str,
    /// CUDA devices; none where the training arguments ask for the processor.
    gpus: u64,
    /// Whether it has an accelerator of another kind, which one process alone can use.
    other: bool,
    /// Cores of the processor that this program may use.
    cores: u64,
    /// Whether the training arguments ask for the processor.
    on_cpu: bool,
}

/// Fills in the number of GPUs of a request that only says which.
pub(super) fn fill_from_devices(request: &mut TrainingRequest) {
    let chosen = request.devices.as_deref().unwrap_or_default().len() as i64;
    if chosen > 0 && request.num_gpu.is_none() {
        request.num_gpu = Some(chosen / request.num_workers.unwrap_or(1).max(1));
    }
}

impl Preflight<'_> {
    /// The processes of a job: `num_workers` workers, each with a process for each of its `num_gpu` GPUs
    /// and with one at least. On a cluster each worker is a node, unless the target asks for a number of nodes.
    /// Refused where the place has too few devices for them.
    pub(super) fn processes(
        &mut self,
        job: &FineTuningJob,
        chosen: Option<&[u32]>,
        framework: Framework,
        accelerators: &[Accelerator],
        on_cpu: bool,
    ) -> Processes {
        let cuda: Vec<&Accelerator> = accelerators.iter().filter(is_cuda).collect();
        // The rules of the job's row refuse other numbers.
        let number = |column: Option<i64>| column.and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
        let (asked, gpus) = (number(job.num_workers).max(1), number(job.num_gpu));
        let (nodes, workers) = self.nodes(asked, framework);
        let chosen = chosen.unwrap_or_default();
        let there = match self.knows_devices() {
            true => cuda.len() as u64,
            // What is asked for is taken to be there.
            false => {
                chosen.iter().map(|index| u64::from(*index) + 1).fold(workers.saturating_mul(gpus), u64::max)
            }
        };
        let place = self.place();
        let machine = Machine {
            name: &place,
            gpus: if on_cpu { 0 } else { there },
            other: !on_cpu && cuda.len() < accelerators.len(),
            cores: self.processors().unwrap_or(u64::MAX),
            on_cpu,
        };
        let count = match machine.processes(framework, workers, gpus) {
            Ok(count) => count,
            Err((column, message)) => {
                self.diagnostics.refuse(column, message);
                1
            }
        };
        if gpus == 1 && machine.gpus == 0 && !machine.other {
            self.diagnostics.warn(GPUS, "A GPU is asked for, and there is none: the processor trains.");
        }
        // A script divides the GPUs that it sees itself.
        let needed = (framework != Framework::Script).then_some(count);
        if let Some(message) = machine.lacking(chosen, needed) {
            self.diagnostics.refuse(DEVICES, message);
        }
        // In one process the worker's own rule holds, which heeds CUDA_VISIBLE_DEVICES.
        let first = if count > 1 && machine.gpus > 0 { count as u32 } else { 0 };
        Processes {
            count: count as u32,
            nodes,
            most: u32::try_from(machine.most(framework)).unwrap_or(u32::MAX),
            devices: if chosen.is_empty() { (0..first).collect() } else { chosen.to_vec() },
            gpus: cuda.into_iter().map(PlannedGpu::from_accelerator).collect(),
        }
    }
}

impl Preflight<'_> {
    /// The nodes of a job that asks for so many workers, and the workers of all nodes together.
    fn nodes(&mut self, workers: u64, framework: Framework) -> (u32, u64) {
        let Some(options) = self.elsewhere.as_ref().and_then(Elsewhere::cluster) else { return (1, workers) };
        let asked = options.nodes;
        if framework == Framework::Script {
            // It starts what it needs on the other nodes itself.
            return (asked.unwrap_or(1), workers);
        }
        let (nodes, each) = on_nodes(asked, workers).unwrap_or_else(|| {
            let message = format!(
                "{workers} workers can't be divided among the {} nodes that {} asks for. Choose a multiple, or leave \
                 the target's nodes empty: each worker is then a node.",
                asked.unwrap_or(1),
                self.place()
            );
            self.diagnostics.refuse(WORKERS, message);
            (1, workers)
        });
        (u32::try_from(nodes).unwrap_or(u32::MAX), nodes.saturating_mul(each))
    }
}

/// The nodes, and the workers on each; none where these can't be divided among the nodes that are asked for.
fn on_nodes(asked: Option<u32>, workers: u64) -> Option<(u64, u64)> {
    let nodes = asked.map_or(workers, u64::from).max(1);
    if workers == 1 {
        return Some((nodes, 1));
    }
    workers.is_multiple_of(nodes).then_some((nodes, workers / nodes))
}

impl Processes {
    /// The CUDA devices that train, where some do.
    fn used(&self) -> impl Iterator<Item = &PlannedGpu> {
        let first: &[u32] = if self.devices.is_empty() { &[0] } else { &self.devices };
        first.iter().filter_map(|index| self.gpus.get(usize::try_from(*index).ok()?))
    }

    /// The names of the devices that compute, of which `accelerator` is the first; none is the processor.
    pub(super) fn names(&self, accelerator: Option<&Accelerator>) -> String {
        let mut names: Vec<&str> = self.used().map(|gpu| gpu.name.as_str()).collect();
        if accelerator.filter(is_cuda).is_none() || names.is_empty() {
            return device_name(accelerator);
        }
        let count = names.len();
        names.dedup();
        match (count, names.as_slice()) {
            (2.., [same]) => format!("{count} × {same}"),
            _ => names.join(", "),
        }
    }

    /// The memory of the CUDA device that has the least of those that train, in bytes.
    pub(super) fn memory_bytes(&self) -> Option<u64> {
        self.used().map(|gpu| gpu.memory_bytes).min().flatten()
    }
}

impl Machine<'_> {
    /// The most processes that can train together.
    fn most(self, framework: Framework) -> u64 {
        match framework {
            Framework::Axolotl | Framework::Script => 1,
            Framework::Legacy if self.gpus > 0 => self.gpus,
            Framework::Legacy if self.other => 1,
            Framework::Legacy => self.cores,
        }
    }

    /// The number of processes, or the column at fault and why.
    fn processes(self, framework: Framework, workers: u64, gpus: u64) -> Result<u64, (&'static str, String)> {
        if gpus > self.gpus.max(1) {
            let why = match self.gpus {
                0 if self.on_cpu => "the training arguments ask for the processor (use_cpu)".to_owned(),
                0 => format!("{} has none", self.name),
                here => format!("{} has {here}", self.name),
            };
            return Err((GPUS, format!("{gpus} GPUs are asked for, and {why}.")));
        }
        let wanted = workers.saturating_mul(gpus.max(1));
        match framework {
            Framework::Script if workers > 1 => {
                let message = "A script of your own is started once. It may start further processes itself.";
                return Err((WORKERS, message.to_owned()));
            }
            Framework::Axolotl if wanted > 1 => {
                let column = if workers > 1 { WORKERS } else { GPUS };
                return Err((column, "Axolotl trains in one process here.".to_owned()));
            }
            Framework::Script => return Ok(1),
            Framework::Axolotl | Framework::Legacy => {}
        }
        if wanted <= self.most(framework) {
            return Ok(wanted);
        }
        let message = match (self.gpus, self.other) {
            (0, true) => {
                "Several processes train together on CUDA devices or on a processor, and not on this \
                          machine's accelerator."
                    .to_owned()
            }
            (0, false) => format!(
                "{wanted} processes are asked for, and the processor of {} has {} cores: it trains in at most as many.",
                self.name, self.cores
            ),
            (here, _) => format!("{wanted} processes need a GPU each, and {} has {here}.", self.name),
        };
        Err((WORKERS, message))
    }

    /// Why the chosen GPUs can't be used: they are not there, or not as many as the processes `needed`.
    fn lacking(self, chosen: &[u32], needed: Option<u64>) -> Option<String> {
        let twice = chosen.iter().enumerate().find(|(at, index)| chosen[..*at].contains(index));
        match chosen.iter().find(|index| u64::from(**index) >= self.gpus) {
            Some(_) if self.gpus == 0 => {
                return Some("No CUDA device can be chosen here. Leave this empty.".to_owned());
            }
            Some(index) => {
                let here = self.gpus;
                return Some(format!("There is no GPU {index}: {} has {here}, counted from 0.", self.name));
            }
            None => {}
        }
        if let Some((_, index)) = twice {
            return Some(format!("GPU {index} is chosen twice."));
        }
        let given = chosen.len() as u64;
        needed.filter(|needed| given > 0 && given != *needed).map(|needed| {
            format!(
                "{given} GPUs are chosen for {needed} processes. Choose one for each, or leave num_gpu and \
                 num_workers out."
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO_GPUS: Machine<'_> =
        Machine { name: "this machine", gpus: 2, other: false, cores: 8, on_cpu: false };
    const PROCESSOR: Machine<'_> =
        Machine { name: "this machine", gpus: 0, other: false, cores: 8, on_cpu: false };
    const APPLE: Machine<'_> =
        Machine { name: "this machine", gpus: 0, other: true, cores: 8, on_cpu: false };

    #[test]
    fn a_worker_has_a_process_for_each_gpu_and_one_at_least() {
        for machine in [TWO_GPUS, PROCESSOR, APPLE] {
            for (workers, gpus) in (1..=4).flat_map(|workers| (0..=4).map(move |gpus| (workers, gpus))) {
                let wanted = workers * gpus.max(1);
                let fits = wanted <= machine.most(Framework::Legacy) && gpus <= machine.gpus.max(1);
                let counted = machine.processes(Framework::Legacy, workers, gpus);
                assert_eq!(counted.as_ref().ok(), fits.then_some(&wanted), "{machine:?} {workers} {gpus}");
            }
        }
    }

    #[test]
    fn a_worker_is_a_node_unless_the_target_asks_for_a_number() {
        for workers in 1..=12 {
            assert_eq!(on_nodes(None, workers), Some((workers, 1)));
            for asked in 1..=12_u32 {
                let nodes = u64::from(asked);
                let divided = match workers {
                    1 => Some((nodes, 1)),
                    _ => (workers % nodes == 0).then_some((nodes, workers / nodes)),
                };
                assert_eq!(on_nodes(Some(asked), workers), divided, "{workers} on {asked}");
            }
        }
    }

    #[test]
    fn what_is_lacking_is_said_beside_what_asks_for_it() {
        let refused = |machine: Machine<'_>, workers, gpus| {
            machine.processes(Framework::Legacy, workers, gpus).unwrap_err()
        };
        let three = "3 GPUs are asked for, and this machine has 2.";
        assert_eq!(refused(TWO_GPUS, 1, 3), (GPUS, three.to_owned()));
        let four = "4 processes need a GPU each, and this machine has 2.";
        assert_eq!(refused(TWO_GPUS, 2, 2), (WORKERS, four.to_owned()));
        assert_eq!(refused(PROCESSOR, 1, 2).1, "2 GPUs are asked for, and this machine has none.");
        let on_cpu = Machine { on_cpu: true, ..PROCESSOR };
        assert!(refused(on_cpu, 1, 2).1.ends_with("(use_cpu)."));
        assert_eq!(refused(PROCESSOR, 9, 0).0, WORKERS);
        assert_eq!(refused(APPLE, 2, 0).0, WORKERS);
        assert_eq!(TWO_GPUS.processes(Framework::Axolotl, 1, 2).unwrap_err().0, GPUS);
        assert_eq!(TWO_GPUS.processes(Framework::Script, 1, 2), Ok(1));
        assert_eq!(TWO_GPUS.processes(Framework::Script, 2, 1).unwrap_err().0, WORKERS);
    }

    #[test]
    fn chosen_gpus_are_there_and_one_for_each_process() {
        assert_eq!(TWO_GPUS.lacking(&[], Some(2)), None);
        assert_eq!(TWO_GPUS.lacking(&[1, 0], Some(2)), None);
        assert_eq!(TWO_GPUS.lacking(&[1], None), None);
        for (chosen, needed) in [(&[0, 2][..], 2), (&[1, 1], 2), (&[1], 2), (&[0, 1], 1)] {
            assert!(TWO_GPUS.lacking(chosen, Some(needed)).is_some(), "{chosen:?}");
        }
        assert!(PROCESSOR.lacking(&[0], Some(1)).is_some());
    }
}
