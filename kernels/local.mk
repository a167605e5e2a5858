# One line a kernel: the file and its symbol kernel_NAME have the name of the command line; its body beside it.
