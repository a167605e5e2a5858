# One line a command: the file's name is the command's. Files with what commands share go to command_shared.
command_files += harness/command/doctor.c
command_files += harness/command/list.c
command_files += harness/command/run.c
command_files += harness/command/show.c
command_files += harness/command/compare.c
command_files += harness/command/ab.c
command_files += harness/command/report.c
command_files += harness/command/export.c
command_files += harness/command/guest.c
command_files += harness/command/selftest.c
command_files += harness/command/history.c
command_files += harness/command/merge.c

command_shared += harness/command/bad_rounds.c
command_shared += harness/command/bad_rounds.h
command_shared += harness/command/history_actions.c
command_shared += harness/command/history_actions.h
command_shared += harness/command/runs.c
command_shared += harness/command/runs.h
