# Commands: one line a command.
command_files += harness/command/doctor.c
command_files += harness/command/list.c
command_files += harness/command/run.c
command_files += harness/command/show.c
command_files += harness/command/report.c
