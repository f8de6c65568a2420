using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Token;

return await ServiceHost.RunAsync(() => TokenHost.Build(args, new Dictionary<string, string?>()));
