# Many nodes, one run each, by Slurm.
fleet_files += fleet/child.c
fleet_files += fleet/child.h
fleet_files += fleet/manifest.c
fleet_files += fleet/manifest.h
fleet_files += fleet/nodes.c
fleet_files += fleet/nodes.h
fleet_files += fleet/quote.c
fleet_files += fleet/quote.h
fleet_files += fleet/submit.c
fleet_files += fleet/submit.h
fleet_files += fleet/task.c
fleet_files += fleet/task.h
