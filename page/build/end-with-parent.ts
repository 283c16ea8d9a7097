/** Preloaded into the builder's process: it ends when the process that asked for the page does, killed or not. */
process.on('disconnect', () => process.exit());
process.channel?.unref();
