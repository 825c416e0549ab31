var app = WebApplication.Create(args);
app.MapStaticAssets();
app.Run();
