using Pltfrms.Iam.Suite;

return await SuiteCommand.RunAsync(args);
