using System.CommandLine;
using Pltfrms.Iam.Common.Hosting;

namespace Pltfrms.Iam.Suite;

/// <summary>The command line: its options, and one line on stderr with exit code 1 for whatever keeps the suite from starting.</summary>
internal static class SuiteCommand
{
    private static readonly SuitePorts UsualPorts = new();

    private static readonly Option<DirectoryInfo> Data = new("--data")
    {
        Description = "The folder for databases and keys.",
        HelpName = "DIR",
        DefaultValueFactory = _ => new DirectoryInfo(".data"),
    };

    private static readonly Option<bool> Fresh = new("--fresh")
    {
        Description = "Start over: delete the suite's own files in the folder first.",
    };

    private static readonly Option<FileInfo> Realm = new("--realm")
    {
        Description = "The realm document to import where its realm does not exist yet.",
        HelpName = "FILE",
        DefaultValueFactory = _ => new FileInfo(Path.Combine(AppContext.BaseDirectory, "demo-realm.yaml")),
    };

    private static readonly Option<int> TokenHttp = Port("--token-http", "The token service's REST port.", UsualPorts.TokenHttp);
    private static readonly Option<int> TokenGrpc = Port("--token-grpc", "The token service's gRPC port.", UsualPorts.TokenGrpc);
    private static readonly Option<int> RealmAdminGrpc = Port("--realm-admin-grpc", "Realm-admin's gRPC port.", UsualPorts.RealmAdminGrpc);
    private static readonly Option<int> ConsentGrpc = Port("--consent-grpc", "The consent service's gRPC port.", UsualPorts.ConsentGrpc);
    private static readonly Option<int> ConsentHttp = Port("--consent-http", "The consent service's HTTP port.", UsualPorts.ConsentHttp);

    public static Task<int> RunAsync(string[] args)
    {
        var command = new RootCommand("Runs realm-admin, token and consent in one process, for development, on 127.0.0.1 only.")
        {
            Data, Fresh, Realm, TokenHttp, TokenGrpc, RealmAdminGrpc, ConsentGrpc, ConsentHttp,
        };
        command.SetAction((parsed, _) => RunAsync(OptionsOf(parsed)));
        // The hosts handle Ctrl-C and SIGTERM themselves.
        return command.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
    }

    private static async Task<int> RunAsync(SuiteOptions options)
    {
        try
        {
            await RunningSuite.RunAsync(options);
            return 0;
        }
        catch (StartupException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message.ReplaceLineEndings(" "));
            return 1;
        }
    }

    private static SuiteOptions OptionsOf(ParseResult parsed) => new()
    {
        DataFolder = parsed.GetRequiredValue(Data).FullName,
        Fresh = parsed.GetValue(Fresh),
        RealmFile = parsed.GetRequiredValue(Realm).FullName,
        Ports = new SuitePorts
        {
            TokenHttp = parsed.GetValue(TokenHttp),
            TokenGrpc = parsed.GetValue(TokenGrpc),
            RealmAdminGrpc = parsed.GetValue(RealmAdminGrpc),
            ConsentGrpc = parsed.GetValue(ConsentGrpc),
            ConsentHttp = parsed.GetValue(ConsentHttp),
        },
    };

    private static Option<int> Port(string name, string description, int usual)
    {
        var option = new Option<int>(name) { Description = description, HelpName = "PORT", DefaultValueFactory = _ => usual };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > ushort.MaxValue)
            {
                result.AddError($"{name} must be 1 to {ushort.MaxValue}.");
            }
        });
        return option;
    }
}
