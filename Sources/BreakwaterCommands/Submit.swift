// Part of Breakwater.
// SPDX-License-Identifier: Apache-2.0

internal import CommandLineKit
internal import TextKit

/// Where the shards of a sweep may run.
enum Scheduler: String, CaseIterable, ArgumentValue {
  case slurm, kubernetes, parallel
}

/// `breakwater submit`: a script that runs a sweep in shards and merges them.
struct Submit: Command {
  static let name = "submit"
  static let about = "Print a script that runs a sweep in shards and merges them"
  static let details: String? = """
    Examples:
      breakwater submit slurm spec.toml --shards 32 -o results | bash
      breakwater submit kubernetes spec.toml --shards 32 -o results | kubectl apply -f -
      breakwater submit parallel spec.toml --shards 4 -o results | bash
    A shard that is run again goes on where it was. Paths are those of the machines that run it:
    folder and inputs must be on storage that all of them see.
    """

  @Argument("What runs the shards", valueName: "SCHEDULER")
  var scheduler: Scheduler
  @Argument("Sweep specification (TOML)", valueName: "SPEC")
  var spec: FilePath
  @Option("How many shards", bound: .within(1...10_000))
  var shards: Int
  @Option("Folder for parts and results", short: "o", valueName: "FOLDER")
  var output: FolderPath
  @Option("Container image, for kubernetes", valueName: "IMAGE")
  var image = "breakwater:\(BreakwaterProgram.version)"
  @Option("Claim of a volume that all nodes may write, for kubernetes", valueName: "CLAIM")
  var claim = "breakwater"

  mutating func run() throws(Failure) {
    for text in [spec.path, output.path, image, claim] where text.utf8.contains(where: { $0 < 32 })
    {
      throw Failure(
        .usage,
        "found '\(Failure.shown(text))', expected a name without control characters"
      )
    }
    switch scheduler {
    case .slurm: try Output.standard(slurm)
    case .kubernetes: try Output.standard(kubernetes)
    case .parallel: try Output.standard(parallel)
    }
  }

  /// The words of a shard's command after the program, up to the shard itself.
  private var sweep: String {
    "sweep \(ShellText.quoted(spec.path)) -o \(ShellText.quoted(output.path)) --resume --shard"
  }

  private var merge: String {
    "merge \(ShellText.quoted(output.path)) -o \(ShellText.quoted(output.path))"
      + " --spec \(ShellText.quoted(spec.path))"
  }

  /// The program as scripts call it: another one by `BREAKWATER`.
  private static let program = #""${BREAKWATER:-breakwater}""#

  /// A job array, and a job after it that begins when all of it has ended well.
  private var slurm: String {
    """
    #!/usr/bin/env bash
    # A sweep by breakwater \(BreakwaterProgram.version): \(shards) shards, then their merge.
    # More options for both jobs: SBATCH_OPTIONS="--partition=… --time=…". The program: BREAKWATER.
    set -euo pipefail
    folder=\(ShellText.quoted(output.path))
    mkdir -p "$folder/log"
    read -ra options <<< "${SBATCH_OPTIONS:-}"

    shards=$(sbatch --parsable --job-name=breakwater-sweep --array=1-\(shards) --requeue \\
      --open-mode=append --output="$folder/log/shard-%a.txt" \\
      "${options[@]+"${options[@]}"}" <<'SHARD'
    #!/usr/bin/env bash
    exec \(Submit.program) \(sweep) "$SLURM_ARRAY_TASK_ID/\(shards)" \\
      -j "${SLURM_CPUS_PER_TASK:-1}"
    SHARD
    )
    merge=$(sbatch --parsable --job-name=breakwater-merge --dependency="afterok:${shards%%;*}" \\
      --kill-on-invalid-dep=yes --output="$folder/log/merge.txt" \\
      "${options[@]+"${options[@]}"}" <<'MERGE'
    #!/usr/bin/env bash
    exec \(Submit.program) \(merge) -j "${SLURM_CPUS_PER_TASK:-1}"
    MERGE
    )
    echo "shards ${shards%%;*}, merge ${merge%%;*}, logs in $folder/log"

    """
  }

  /// GNU parallel on this machine, or on others by `--sshlogin`.
  private var parallel: String {
    """
    #!/usr/bin/env bash
    # A sweep by breakwater \(BreakwaterProgram.version): \(shards) shards, then their merge.
    # Options for GNU parallel: PARALLEL="--jobs 4". The program: BREAKWATER.
    set -euo pipefail
    folder=\(ShellText.quoted(output.path))
    mkdir -p "$folder"
    shard() {
      \(Submit.program) \(sweep) "$1/\(shards)" -j "${BREAKWATER_THREADS:-1}"
    }
    export -f shard
    SHELL=$(command -v bash) parallel --retries 3 --joblog "$folder/parallel.log" \\
      shard ::: $(seq 1 \(shards))
    \(Submit.program) \(merge)

    """
  }

  /// An Indexed Job, and a Job that waits for its parts: a Job cannot be begun after another.
  private var kubernetes: String {
    let shard = "exec breakwater \(sweep) \"$((JOB_COMPLETION_INDEX + 1))/\(shards)\""
    let wait =
      "cd \(ShellText.quoted(output.path));"
      + " until [ \"$(ls | grep -c '^part-[0-9]*-of-\(shards)\\.sqlite$')\" = \(shards) ];"
      + " do sleep 10; done"
    let tries = "  completionMode: Indexed\n  completions: \(shards)\n  parallelism: \(shards)\n"
    return
      "# A sweep by breakwater \(BreakwaterProgram.version): \(shards) shards, then their merge.\n"
      + job("breakwater-sweep", tries + "  backoffLimit: \(shards * 3)\n", shard)
      + "---\n"
      + job(
        "breakwater-merge",
        "  backoffLimit: 3\n",
        "mkdir -p \(ShellText.quoted(output.path)); (\(wait)) && exec breakwater \(merge)"
      )
  }

  private func job(_ name: String, _ counts: String, _ script: String) -> String {
    """
    apiVersion: batch/v1
    kind: Job
    metadata:
      name: \(name)
    spec:
    \(counts)  template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: breakwater
              image: \(Submit.yaml(image))
              workingDir: /data
              command: ["sh", "-c", \(Submit.yaml(script))]
              volumeMounts:
                - name: data
                  mountPath: /data
          volumes:
            - name: data
              persistentVolumeClaim:
                claimName: \(Submit.yaml(claim))

    """
  }

  /// Text in the double quotes of YAML.
  private static func yaml(_ text: String) -> String {
    var out = "\""
    for letter in text {
      if letter == "\"" || letter == "\\" { out.append("\\") }
      out.append(letter)
    }
    return out + "\""
  }
}
