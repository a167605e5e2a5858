# A solver, described for `fivestep advise` (docs/profile.md): the CPU fills a grid and a table, the device sweeps the grid ten times and looks up a
# tenth of the table, the CPU looks at a small part of the result after each sweep.
program solver

region grid    16M
region table   64M
region result  16M

phase fill   host    writes=grid,table                                        time=4ms
phase sweep  device  reads=grid,table:10%  writes=grid,result  after=fill     time=300us
phase look   host    reads=result:2%                           after=sweep    time=20us

repeat 10 sweep look
