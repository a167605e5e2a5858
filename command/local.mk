# One line a command: the file's name is the command's. Files with what commands share go to command_shared.
command_files += command/doctor.c
command_files += command/list.c
command_files += command/run.c
command_files += command/show.c
command_files += command/compare.c
command_files += command/ab.c
command_files += command/report.c
command_files += command/export.c
command_files += command/guest.c
command_files += command/selftest.c
command_files += command/history.c
command_files += command/merge.c

command_shared += command/bad_rounds.c
command_shared += command/bad_rounds.h
command_shared += command/command.h
command_shared += command/commandline.c
command_shared += command/history_actions.c
command_shared += command/history_actions.h
command_shared += command/runs.c
command_shared += command/runs.h
command_shared += command/session.c
command_shared += command/session.h
command_shared += command/side.c
command_shared += command/side.h
