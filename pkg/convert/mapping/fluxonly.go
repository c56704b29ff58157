package mapping

func fluxOnlyRows() []Row { return nil }
