using Isr.Commands;

return await CommandTable.RunAsync(args);
