"""Steps from one schema of the ledger to the next, in `versions`; run on open by `migrate`."""
