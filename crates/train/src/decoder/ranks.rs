//! A training on several processes, its ranks, by MPI: each has the whole model and computes with its
//! share of every batch.
//!
//! `cargo study train buddy --ranks N` starts this program once more in each rank, with `mpirun`. Rank 0
//! reads the text, draws or reads the state, and hands both to the others; it alone judges, tells and
//! writes. So machines need the program in the same place, and nothing else.

use std::env;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::folder::Folder;
use super::run::COMMAND;

/// Open MPI tells the processes that it starts how many they are.
const SIZE: &str = "OMPI_COMM_WORLD_SIZE";
/// And how many of them are on this machine.
const HERE: &str = "OMPI_COMM_WORLD_LOCAL_SIZE";

/// Whether this process is a rank.
pub fn is_rank() -> bool {
    env::var_os(SIZE).is_some()
}

/// How many ranks share this machine's cores.
pub fn here() -> usize {
    let here = env::var(HERE).ok().and_then(|here| here.parse().ok());
    here.filter(|here| *here > 0).unwrap_or(1)
}

/// Starts the ranks and waits for them.
///
/// # Errors
/// If `mpirun` cannot be started, or one of the ranks ends before the training does: then all are
/// ended, and the last checkpoint is kept in `folder`.
pub fn launch(ranks: usize, hosts: Option<&Path>, folder: &Path) -> Result<()> {
    let mut mpirun = Command::new("mpirun");
    // A rank has threads of its own, for which it may use any core.
    mpirun.args(["-np", &ranks.to_string(), "--bind-to", "none"]);
    match hosts {
        Some(file) => mpirun.arg("--hostfile").arg(file),
        None => mpirun.arg("--oversubscribe"),
    };
    mpirun.arg(env::current_exe()?).args(env::args_os().skip(1));
    let status = mpirun.status().context(
        "mpirun cannot be started: install Open MPI (on Debian: apt-get install openmpi-bin)",
    )?;
    if !status.success() {
        let begun = Folder::open::<serde_json::Value>(folder, COMMAND).ok();
        let left = begun.and_then(|(folder, _)| folder.last_step());
        match left {
            Some(step) => bail!(
                "a rank ended before the training did, and so did all; the checkpoint of step {step} is kept: go on with `cargo study train buddy --ranks {ranks} --resume {}`",
                folder.display()
            ),
            None => bail!("a rank ended before the training did, and so did all; see above"),
        }
    }
    Ok(())
}

#[cfg(not(feature = "mpi"))]
pub use without::join;

#[cfg(not(feature = "mpi"))]
mod without {
    use anyhow::{Result, bail};

    use crate::decoder::options::DecoderOptions;

    /// # Errors
    /// Always: this program knows no MPI.
    pub fn join(_: &DecoderOptions, _: &std::path::Path) -> Result<()> {
        bail!(
            "this program was built without MPI: start it with `cargo study train buddy --ranks N`"
        )
    }
}

#[cfg(feature = "mpi")]
pub use with::join;

#[cfg(feature = "mpi")]
mod with {
    use std::path::Path;

    use anyhow::{Context, Result};
    use mpi::collective::SystemOperation;
    use mpi::topology::SimpleCommunicator;
    use mpi::traits::{Communicator, Equivalence, Root};
    use small_gpt::{Summed, Team};
    use training_loop::solution::{checkpoint, restore, train};
    use training_loop::{Rows, State};

    use crate::decoder::options::DecoderOptions;
    use crate::decoder::recipe::Recipe;
    use crate::decoder::run::{Run, engine, threads};

    /// Who hands out what all have.
    const FIRST: i32 = 0;

    /// All ranks.
    struct World(SimpleCommunicator);

    impl World {
        /// What the first rank has, on all of them.
        fn broadcast<T: Equivalence + Clone + Default>(&self, what: &mut Vec<T>) {
            let first = self.0.process_at_rank(FIRST);
            let mut len = what.len() as u64;
            first.broadcast_into(&mut len);
            what.resize(len as usize, T::default());
            first.broadcast_into(&mut what[..]);
        }

        /// The sums over all ranks. They are made by one and handed out, or ranks might differ in their
        /// last bits, and with them their models.
        fn sum<T: Equivalence + Clone>(&self, numbers: &mut [T]) {
            let first = self.0.process_at_rank(FIRST);
            if self.0.rank() == FIRST {
                let own = numbers.to_vec();
                first.reduce_into_root(&own[..], numbers, SystemOperation::sum());
            } else {
                first.reduce_into(&*numbers, SystemOperation::sum());
            }
            first.broadcast_into(numbers);
        }
    }

    impl Team for World {
        fn rank(&self) -> usize {
            self.0.rank() as usize
        }

        fn size(&self) -> usize {
            self.0.size() as usize
        }

        fn sum(&mut self, gradient: &mut [f32], summed: &mut Summed) {
            World::sum(self, gradient);
            let (mut loss, mut tokens) = ([summed.loss], [summed.tokens as u64]);
            World::sum(self, &mut loss);
            World::sum(self, &mut tokens);
            *summed = Summed { loss: loss[0], tokens: tokens[0] as usize };
        }
    }

    /// Takes part in a training.
    ///
    /// # Errors
    /// Those of a training on one process, and if MPI cannot be used.
    pub fn join(options: &DecoderOptions, usual: &Path) -> Result<()> {
        let universe = mpi::initialize().context("MPI cannot be used twice in one process")?;
        let world = World(universe.world());
        let trained = match world.0.rank() {
            FIRST => lead(options, usual, world),
            _ => follow(options, world),
        };
        if trained.is_err() {
            // The others wait for this one. Without a farewell `mpirun` ends them.
            std::mem::forget(universe);
        }
        trained
    }

    /// The first rank.
    fn lead(options: &DecoderOptions, usual: &Path, world: World) -> Result<()> {
        let (mut run, texts) = Run::new(options, usual)?;
        let (mut state, mut log) = run.begin()?;
        let mut rows = run.training.clone();
        world.broadcast(&mut serde_json::to_vec(&run.recipe)?);
        world.broadcast(&mut vec![rows.context as u64]);
        world.broadcast(&mut rows.ids);
        world.broadcast(&mut rows.labels);
        world.broadcast(&mut checkpoint(&state)?);
        run.engine = engine(threads(options)).in_team(Box::new(world));
        run.steps(&mut state, &mut log)?;
        run.finish(&mut state, &log, &texts)
    }

    /// Any other.
    fn follow(options: &DecoderOptions, world: World) -> Result<()> {
        let (mut recipe, mut context, mut file) = (Vec::new(), Vec::new(), Vec::new());
        let mut rows = Rows { ids: Vec::new(), labels: Vec::new(), context: 0 };
        world.broadcast::<u8>(&mut recipe);
        world.broadcast::<u64>(&mut context);
        world.broadcast(&mut rows.ids);
        world.broadcast(&mut rows.labels);
        world.broadcast::<u8>(&mut file);
        let recipe: Recipe = serde_json::from_slice(&recipe)?;
        rows.context = context.first().map_or(0, |&context| context as usize);
        let mut state: State = restore(&file)?;
        let mut engine = engine(threads(options)).in_team(Box::new(world));
        let settings = recipe.settings();
        train(&mut state, &rows, &settings, &mut engine, recipe.steps, &mut |_, _| true)?;
        Ok(())
    }
}
