# One line a file of cases: the file's name is that of their subject, its symbol conform_NAME an array of them.
conform_files += conform/data.c
conform_files += conform/address.c
conform_files += conform/fork.c
conform_files += conform/huge.c
conform_files += conform/kinds.c
conform_files += conform/reclaim.c
conform_files += conform/node.c
conform_files += conform/node_move.c
conform_files += conform/node_system.c
conform_files += conform/group.c
conform_files += conform/userfault.c
conform_files += conform/soft_dirty.c
conform_files += conform/ksm.c
conform_files += conform/swap.c
conform_files += conform/two.c
conform_files += conform/exclusive.c
conform_files += conform/host.c

# What cases share.
conform_extra += conform/conform.h
conform_extra += conform/range.c
conform_extra += conform/child.c
conform_extra += conform/control.h
conform_extra += conform/control.c
conform_extra += conform/pagemap.c
conform_extra += conform/node_range.h
conform_extra += conform/node_range.c
body_files += conform/touch.body.h
