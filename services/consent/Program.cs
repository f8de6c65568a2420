using Pltfrms.Iam.Common.Hosting;
using Pltfrms.Iam.Consent;
using Pltfrms.Iam.Consent.Receipts;

return ReceiptCommand.Understands(args)
    ? await new ReceiptCommand(ConsentHost.OpenDatabase, Console.Out, Console.Error).RunAsync(args, CancellationToken.None)
    : await ServiceHost.RunAsync(() => ConsentHost.Build(args, new Dictionary<string, string?>()));
