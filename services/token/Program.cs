using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Token;
using Pltfrms.Iam.Token.Audit;

return TokenEventCommand.Understands(args)
    ? await new TokenEventCommand(TokenHost.OpenDatabase, Console.Out, Console.Error).RunAsync(args, CancellationToken.None)
    : await ServiceHost.RunAsync(() => TokenHost.Build(args, new Dictionary<string, string?>()));
